using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Hosting.Progress;
using EdgeHub.Wire;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Edge.Sensors;

/// <summary>
/// From bytes to readings: the first of the box's loops, and one loop a line within it. What always holds here:
/// <list type="number">
/// <item>Sensing never waits for the network or the disk. Readings leave by a bounded channel; what it cannot take is counted as unread.</item>
/// <item>A bad checksum is never a reading: it is counted, its bytes are kept for the technician, and the decoder finds the next frame.</item>
/// <item>A dead sensor never delays its neighbours: lines do not know of each other, and on a shared line it rests by itself.</item>
/// <item>A value that was due and not read is counted, per stream, with its reason. The books of this room: due = read + unread, read = handed on + suppressed + overflow.</item>
/// <item>A port that is missing, denied or unplugged is a state that says what to do, and ends by itself.</item>
/// <item>A loop that ends otherwise than by the stop of the host stops the process: a dead loop in a live daemon is the worst state.</item>
/// </list>
/// Decoders (<see cref="FrameFinder"/> with each <see cref="FrameFormat"/>, <see cref="ModbusFrames"/>, <see cref="Buses.BusSchedule"/>,
/// <see cref="Debouncer"/>) are pure; the talks and loops around them are thin and hold all the waiting.
/// </summary>
public sealed class Sampler : BackgroundService
{
    /// <summary>A line beats each second while it waits; opening a port and one round of a bus take seconds.</summary>
    static readonly TimeSpan StallLimit = TimeSpan.FromMinutes(2);

    readonly List<RunLine> loops = [];
    readonly SensorDesk desk;

    /// <param name="chance">Numbers in [0, 1), for the jitter of re-opening; called by several loops at once.</param>
    public Sampler(SensorsOptions options, ChannelWriter<Reading> readings, BoxClock clock, SensorsMetrics metrics, LineOpeners open, Func<double> chance, Watchdog watchdog, TimeProvider time, ILogger<Sampler> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(clock);
        ArgumentNullException.ThrowIfNull(metrics);
        ArgumentNullException.ThrowIfNull(open);
        ArgumentNullException.ThrowIfNull(watchdog);
        Sensors = SensorCatalog.States(options.Sensors);
        desk = new SensorDesk(readings, clock, metrics);
        metrics.Observe(Sensors, () => clock.BootTimeMs);
        var ports = new List<PortState>();
        foreach (var line in Sensors.GroupBy(sensor => sensor.Options.Port.Key, StringComparer.Ordinal))
        {
            SensorState[] sensors = [.. line];
            var uri = sensors[0].Options.Port;
            var port = new PortState(uri.LineName);
            ports.Add(port);
            var progress = watchdog.Register($"line {port.Port}", StallLimit);
            loops.Add(sensors[0].Options.Driver.Loop(new LineSetup(uri, sensors, port, desk, options, open, chance, progress, time, logger)));
        }

        Ports = ports;
        metrics.Observe(Ports);
    }

    /// <summary>The sensors as they are now, in the order of the configuration.</summary>
    public IReadOnlyList<SensorState> Sensors { get; }

    /// <summary>Their ports; a gpiochip is one.</summary>
    public IReadOnlyList<PortState> Ports { get; }

    /// <summary>The sensors on a port.</summary>
    public IEnumerable<SensorState> Of(PortState port) => Sensors.GroupBy(sensor => sensor.Options.Port.Key, StringComparer.Ordinal).Single(line => line.First().Options.Port.LineName == port.Port);

    /// <summary>A satellite receiver told the time. Called on the loop of its line: take it and return.</summary>
    public Action<TimeFix>? TimeHeard
    {
        get => desk.TimeHeard;
        set => desk.TimeHeard = value;
    }

    /// <inheritdoc cref="SensorDesk.LineChanged"/>
    public Action<string, string>? LineChanged
    {
        get => desk.LineChanged;
        set => desk.LineChanged = value;
    }

    /// <inheritdoc cref="SensorDesk.TrySwitch"/>
    public bool TrySwitch(string sensor, OutputCommand command) => desk.TrySwitch(sensor, command);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => RunAsync(TaskScheduler.Default, stoppingToken);

    /// <summary>Runs all lines until the token stops them.</summary>
    /// <param name="scheduler">Where the loops run: the pool, so that a port that is slow to open holds up no other; a test's own thread.</param>
    public async Task RunAsync(TaskScheduler scheduler, CancellationToken stoppingToken)
    {
        if (loops.Count == 0)
            return;
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        var running = loops.ConvertAll(loop => Task.Factory.StartNew(() => loop(either.Token), CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap());
        var first = await Task.WhenAny(running);
        await either.CancelAsync();
        try
        {
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            return;
        }
        catch (OperationCanceledException)
        {
            // The other loops were stopped because the first one died.
        }

        await first;
        throw new InvalidOperationException("A loop of the sampler ended by itself.");
    }
}
