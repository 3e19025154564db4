using EdgeHub.Edge.Sensors.Frames;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Polled;

namespace EdgeHub.Edge.Sensors.Sysfs;

/// <summary>Reads one chip through the kernel's own driver. The device is looked up by name at each reading: its number may change.</summary>
sealed class SysfsSensor(SensorState sensor, TimeProvider time) : PolledSensor(sensor)
{
    /// <summary>A 1-Wire conversion takes up to 750 ms.</summary>
    static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    readonly SysfsSettings settings = (SysfsSettings)sensor.Options.Settings;
    double? last;

    public override async Task<SensorFrame?> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            // Reading blocks until the chip has measured: on a thread of its own, and given up when it never ends.
            return await Task.Run(Read, cancellationToken).WaitAsync(ReadTimeout, time, cancellationToken);
        }
        catch (TimeoutException e)
        {
            throw new LineException(Condition.Silent, $"{settings.Device} did not answer the kernel within {ReadTimeout.TotalSeconds} s: check its wire.", e);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new LineException(Condition.Denied, $"{settings.Device} may not be read by this user ({e.Message}).", e);
        }
        catch (IOException e) when (e is not LineException)
        {
            throw new LineException(Condition.Silent, $"the kernel cannot read {settings.Device} ({e.Message}): check its wire and dmesg.", e);
        }
    }

    public override void Dispose() => last = null;

    SensorFrame? Read()
    {
        if (settings.Kind == SysfsKind.W1)
            return ReadOneWire();
        var directory = Find(settings.Kind == SysfsKind.Iio ? "bus/iio/devices" : "class/hwmon");
        return new SensorFrame([.. settings.Channels.Select((channel, stream) => SysfsText.Value(settings.Kind, channel, file => Text(directory, file)) is { } value ? new SensorValue(stream, value) : SensorValue.NoData(stream))]);
    }

    SensorFrame? ReadOneWire()
    {
        var file = Path.Combine(settings.Root, "bus/w1/devices", settings.Device, "w1_slave");
        if (!File.Exists(file))
            throw Missing(Path.GetDirectoryName(file)!);
        var frame = OneWireText.Read(File.ReadAllText(file), last);
        if (frame is { Fault: null, Values: [var value] })
            last = value.Value;
        return frame;
    }

    string Find(string directory)
    {
        var place = Path.Combine(settings.Root, directory);
        if (!Directory.Exists(place))
            throw Missing(place);
        foreach (var candidate in Directory.EnumerateDirectories(place).Order(StringComparer.Ordinal))
        {
            var name = Path.Combine(candidate, "name");
            if (File.Exists(name) && File.ReadAllText(name).Trim() == settings.Device)
                return candidate;
        }

        throw Missing(place);
    }

    LineException Missing(string place) =>
        new(Condition.Waiting, $"waiting for {settings.Device} under {place}: the kernel does not show it; load its overlay (dtoverlay=…) and check the wire; it is found by itself.");

    static string? Text(string directory, string file) => Path.Combine(directory, file) is var path && File.Exists(path) ? File.ReadAllText(path) : null;
}
