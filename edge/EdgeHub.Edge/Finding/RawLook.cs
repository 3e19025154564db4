using EdgeHub.Edge.Sensors;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Finding;

/// <summary>The raw bytes of one port.</summary>
/// <param name="Sensors">Whose port it is.</param>
/// <param name="NowMs">The moment of asking on the clock of the chunks.</param>
/// <param name="Recent">The last minutes, oldest first; without a name to look for, only the newest.</param>
/// <param name="Faults">What was frozen around faults, oldest first; without a name to look for, when and why alone.</param>
sealed record RawLook(string Port, IReadOnlyList<string> Sensors, long NowMs, IReadOnlyList<RawChunk> Recent, IReadOnlyList<RawFault> Faults)
{
    /// <summary>All ports in short.</summary>
    public static RawLook[] All(Sampler sampler, long nowMs) =>
    [
        .. sampler.Ports.Select(port => Of(sampler, port, nowMs)).Select(whole => whole with { Recent = [.. whole.Recent.TakeLast(1)], Faults = [.. whole.Faults.Select(fault => fault with { Chunks = [] })] }),
    ];

    /// <summary>One port whole.</summary>
    /// <param name="name">A sensor's id, a port as the configuration writes it, or the path or address in it.</param>
    /// <param name="refusal">Why there is none, with the nearest name.</param>
    public static RawLook? Find(Sampler sampler, string name, long nowMs, out string refusal)
    {
        refusal = "";
        if (sampler.Ports.FirstOrDefault(port => port.Port == name || port.Port.EndsWith(":" + name, StringComparison.Ordinal) || Owners(sampler, port).Contains(name)) is { } found)
            return Of(sampler, found, nowMs);
        string[] names = [.. sampler.Sensors.Select(sensor => sensor.Options.Id), .. sampler.Ports.Select(port => port.Port)];
        refusal = $"There is no sensor and no port {name}{(Units.Nearest(name, names) is { } near ? $": did you mean {near}?" : $". There are: {string.Join(", ", names)}.")}";
        return null;
    }

    static RawLook Of(Sampler sampler, PortState port, long nowMs) => new(port.Port, Owners(sampler, port), nowMs, port.Raw.Recent(), port.Raw.Faults());

    static string[] Owners(Sampler sampler, PortState port) => [.. sampler.Of(port).Select(sensor => sensor.Options.Id)];
}
