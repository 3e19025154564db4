using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Settings;

namespace EdgeHub.Edge.Sensors;

/// <summary>Runs one line until the token stops it.</summary>
public delegate Task RunLine(CancellationToken stoppingToken);

/// <summary>
/// What one driver says of itself: the reader of the configuration, the sampler, <c>edgehub drivers</c> and docs/drivers.md all
/// learn it here and nowhere else. A new driver is a folder that declares one of these, and its line in <see cref="DriverCatalog"/>.
/// </summary>
public sealed record Driver
{
    /// <summary>The word of the configuration, <c>[a-z0-9-]+</c>.</summary>
    public required string Word { get; init; }

    /// <summary>One line: what it measures and how.</summary>
    public required string Summary { get; init; }

    /// <summary>The instruments it was written for.</summary>
    public required IReadOnlyList<DriverModel> Models { get; init; }

    /// <summary>The ports it works on; <see cref="PortKinds.None"/> when it brings a line of its own and the sensor names no port.</summary>
    public required PortKinds Ports { get; init; }

    /// <summary>How a serial line is set where a sensor's port leaves it out.</summary>
    public SerialDefaults Serial { get; init; } = SerialDefaults.Common;

    /// <summary>With whom its sensors may share a line.</summary>
    public LineSharing Sharing { get; init; } = LineSharing.Alone;

    /// <summary>The keys of its own in a sensor's section: exactly those that <see cref="Read"/> reads.</summary>
    public IReadOnlyList<DriverKey> Keys { get; init; } = [];

    /// <summary>What it yields; empty where the configuration decides that.</summary>
    public IReadOnlyList<SensorQuantity> Quantities { get; init; } = [];

    /// <summary>After power-on, how long values are marked uncertain.</summary>
    public TimeSpan WarmUp { get; init; }

    /// <summary>How often a value is due unless the sensor says so itself.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether it reports a change at once, beside the values that are due.</summary>
    public bool TellsChanges { get; init; }

    /// <summary>Its own part of a sensor's section. What is wrong lands in the section's errors; the answer is then not used.</summary>
    public required Func<SettingsSection, DriverLibraries, DriverSettings> Read { get; init; }

    /// <summary>The loop over one line. Where sensors of several drivers share it, the first one's driver makes the loop for all.</summary>
    public required Func<LineSetup, RunLine> Loop { get; init; }
}
