using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Sensors.Cjt188;

/// <summary>One number in a meter's present values.</summary>
/// <param name="Unit">UCUM; what the meter reports in is brought to it.</param>
/// <param name="At">Where it lies behind identifier and number.</param>
/// <param name="Decimals">Digits behind the point, of the meter's BCD.</param>
/// <param name="HasUnit">Whether a unit code stands behind the digits.</param>
public sealed record Cjt188Field(string Quantity, string Unit, int At, int Bytes, int Decimals, bool HasUnit)
{
    /// <summary>Pure and total: digits or a unit that are none are a value that the meter does not have.</summary>
    public (double Value, Quality Quality) Read(ReadOnlySpan<byte> data)
    {
        var end = At + Bytes + (HasUnit ? 1 : 0);
        if (data.Length < end || Bcd.Read(data.Slice(At, Bytes), Decimals, hasSign: false) is not { } number)
            return (double.NaN, Quality.BadNoData);
        var factor = HasUnit ? Cjt188Unit.Factor(data[end - 1], Unit) : 1;
        return factor is { } known ? ((double)(number * known), Quality.Good) : (double.NaN, Quality.BadNoData);
    }
}
