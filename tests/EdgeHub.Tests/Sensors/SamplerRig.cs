using System.Threading.Channels;
using EdgeHub.Edge.Clock;
using EdgeHub.Edge.Sensors;
using EdgeHub.Edge.Sensors.Gpio;
using EdgeHub.Edge.Sensors.I2c;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Settings;
using EdgeHub.Wire;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeHub.Tests.Sensors;

/// <summary>A running sampler with everything around it at hand.</summary>
sealed class SamplerRig : IAsyncDisposable
{
    readonly Channel<Reading> channel;
    readonly SensorsMetrics metrics = new();
    readonly List<Reading> taken = [];
    readonly Pump pump = new();
    readonly CancellationTokenSource stopping = new();
    Task running = Task.CompletedTask;

    public SamplerRig(string json, TimeProvider time, OpenLine? openLine = null, OpenGpio? openGpio = null, OpenI2c? openI2c = null, OpenTotal? openTotal = null, int capacity = 100_000)
    {
        Watchdog = new Watchdog(time);
        channel = Channel.CreateBounded<Reading>(capacity);
        Clock = new BoxClock(time, UInt128.One, () => time.GetUtcNow().ToUnixTimeMilliseconds(), static () => true, 0);
        Sampler = new Sampler(Options(json), channel.Writer, Clock, metrics, new LineOpeners(openLine ?? new LineOpener(time).OpenAsync, openGpio ?? GpioChip.Open, openI2c ?? I2cBus.Open, openTotal ?? (static _ => new PowerlessTotal())), static () => 0.5, Watchdog, time, NullLogger<Sampler>.Instance);
    }

    public Watchdog Watchdog { get; }

    public BoxClock Clock { get; }

    public Sampler Sampler { get; }

    public static SensorsOptions Options(string json)
    {
        var document = SettingsDocument.FromText(json, "test", "NONE__", new Dictionary<string, string>());
        var options = SensorsOptions.Read(document.Root);
        Assert.Empty(document.Errors);
        return options;
    }

    public SensorStatus Sensor(string id) => Sampler.Sensors.Single(sensor => sensor.Options.Id == id).Snapshot();

    /// <summary>All readings so far.</summary>
    public IReadOnlyList<Reading> Take()
    {
        while (channel.Reader.TryRead(out var reading))
            taken.Add(reading);
        return taken;
    }

    /// <summary>Starts the loops on this thread, under virtual time: they run inside <see cref="Pass"/> and nowhere else.</summary>
    public void Begin() => pump.Run(() => running = Sampler.RunAsync(TaskScheduler.FromCurrentSynchronizationContext(), stopping.Token));

    /// <summary>Lets virtual time pass in small steps, each until the loops have nothing left to do.</summary>
    public void Pass(FakeTimeProvider time, TimeSpan span)
    {
        var step = TimeSpan.FromMilliseconds(5);
        for (var passed = TimeSpan.Zero; passed < span; passed += step)
            pump.Run(() => time.Advance(step));
    }

    /// <summary>Waits in real time until something holds; the test's own time limit ends it otherwise.</summary>
    public static async Task UntilAsync(Func<bool> holds)
    {
        while (!holds())
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        pump.Run(stopping.Cancel);
        Assert.True(running.IsCompleted);
        stopping.Dispose();
        await Sampler.StopAsync(CancellationToken.None);
        Sampler.Dispose();
        metrics.Dispose();
    }
}
