namespace EdgeHub.Edge.Sensors.Dlt645;

/// <summary>A data identifier of DL/T 645-2007, annex A, and the numbers that its answer holds, one behind the other.</summary>
public sealed record Dlt645Item(uint DataId, params IReadOnlyList<Dlt645Field> Fields)
{
    /// <summary>Data bytes of its answer, the identifier included.</summary>
    public int DataBytes => Dlt645Frames.DataIdBytes + Fields.Sum(part => part.Bytes);
}
