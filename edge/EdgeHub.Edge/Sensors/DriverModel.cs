namespace EdgeHub.Edge.Sensors;

/// <summary>An instrument that a driver was written for.</summary>
/// <param name="Source">The document it was written from.</param>
public sealed record DriverModel(string Maker, string Model, string Source)
{
    public override string ToString() => Maker.Length == 0 ? Model : $"{Maker} {Model}";
}
