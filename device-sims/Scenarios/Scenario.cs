using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Scenarios.Courses;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>What a scenario file says, checked.</summary>
/// <param name="Seed">Everything that is left to chance follows from it and a device's id, so that adding a device changes no other.</param>
/// <param name="Speed">How many times faster than the wall clock the scenario's time runs.</param>
/// <param name="Length">Scenario time after which the run ends by itself; null runs on.</param>
public sealed record Scenario(ulong Seed, double Speed, TimeSpan? Length, IReadOnlyList<ScenarioBus> Buses, IReadOnlyList<Stroke> Timeline)
{
    public const int BusesMax = 64;
    public const int DevicesMax = 64;
    public const int StrokesMax = 1024;
    public const double SpeedMax = 100_000;
}

/// <summary>One port and what is wired to it.</summary>
/// <param name="Baud">Bits a second of the wire.</param>
/// <param name="Strict">Whether a reader at another speed sees garbage, as on a real wire.</param>
public sealed record ScenarioBus(string Port, int Baud, bool Strict, IReadOnlyList<ScenarioDevice> Devices);

/// <summary>One device.</summary>
/// <param name="Courses">What its quantities follow; those that are not named take values of their own, each once.</param>
public sealed record ScenarioDevice(DoubleModel Model, DoubleSettings Settings, IReadOnlyDictionary<string, Course> Courses);

/// <summary>One entry of the timeline: a fault on a device (or all), or a port that is pulled, at a moment and perhaps for a while.</summary>
public sealed record Stroke(TimeSpan At, TimeSpan? Length, string? Device, FaultKind Fault, FaultSetting Setting, string? Unplug);
