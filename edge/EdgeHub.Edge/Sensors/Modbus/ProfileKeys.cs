namespace EdgeHub.Edge.Sensors.Modbus;

/// <summary>The keys of a profile file; the schema in the docs lists the same ones.</summary>
public static class ProfileKeys
{
    public static IReadOnlyList<string> Profile { get; } = ["$schema", "name", "model", "source", "unverified", "function", "gapMax", "countMax", "identity", "registers"];

    public static IReadOnlyList<string> Identity { get; } = ["function", "address", "count", "as"];

    public static IReadOnlyList<string> Register { get; } = ["quantity", "unit", "function", "address", "type", "order", "mask", "scale", "offset", "codes", "noData", "minimum", "maximum", "comment"];
}
