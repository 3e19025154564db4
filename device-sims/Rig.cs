using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;
using EdgeHub.DeviceSims.Pty;

namespace EdgeHub.DeviceSims;

/// <summary>
/// A running set of lines and the ledger they share. It owns both. Its verbs may come from any thread; each
/// returns null, or a sentence that says what is wrong with the wish.
/// </summary>
public sealed class Rig(IReadOnlyList<SimLine> lines, Ledger ledger) : IDisposable
{
    /// <summary>The name of the ledger's file.</summary>
    public const string LedgerName = "ledger.jsonl";

    /// <summary>Makes a ledger in <paramref name="directory"/>, which must exist, and the lines that write to it.</summary>
    /// <exception cref="IOException">The ledger or a port cannot be made.</exception>
    public static Rig Open(string directory, TimeProvider time, Func<Ledger, IReadOnlyList<SimLine>> wire)
    {
        ArgumentNullException.ThrowIfNull(wire);
#pragma warning disable CA2000 // The rig owns the ledger; what fails before there is one is caught here.
        var ledger = new Ledger(Path.Combine(directory, LedgerName), time);
#pragma warning restore CA2000
        try
        {
            return new Rig(wire(ledger), ledger);
        }
        catch
        {
            ledger.Dispose();
            throw;
        }
    }

    /// <summary>The lines.</summary>
    public IReadOnlyList<SimLine> Lines { get; } = lines;

    /// <summary>The truth about what was sent.</summary>
    public Ledger Ledger { get; } = ledger;

    /// <summary>All devices of all lines.</summary>
    public IEnumerable<DeviceDouble> Devices => Lines.SelectMany(line => line.Devices);

    /// <summary>Plays all lines until it is stopped. A line that fails stops the others, and its failure is thrown.</summary>
    /// <exception cref="IOException">A pseudo terminal or the ledger failed.</exception>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        List<Task> running = [.. Lines.Select(line => line.RunAsync(stop.Token))];
        await Task.WhenAny(running);
        await stop.CancelAsync();
        try
        {
            await Task.WhenAll(running);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped on purpose: there is nothing to report.
        }
    }

    /// <summary>Sets how a fault strikes one sensor, or all that can have it when <paramref name="sensorId"/> is null.</summary>
    public string? SetFault(string? sensorId, FaultKind kind, double rate) => SetFault(sensorId, kind, new FaultSetting(rate));

    /// <inheritdoc cref="SetFault(string?, FaultKind, double)"/>
    public string? SetFault(string? sensorId, FaultKind kind, FaultSetting setting)
    {
        ArgumentNullException.ThrowIfNull(setting);
        List<DeviceDouble> named = [.. Devices.Where(device => sensorId is null || device.SensorId == sensorId)];
        if (named.Count == 0)
        {
            return $"'{sensorId}' is no sensor here; there are: {string.Join(", ", Devices.Select(device => device.SensorId))}.";
        }

        List<DeviceDouble> able = [.. named.Where(device => device.CanHave(kind))];
        able.ForEach(device => device.Faults.Set(kind, setting));
        return able.Count > 0 ? null : $"{sensorId ?? "No sensor here"} cannot have the fault {FaultRate.NameOf(kind)}.";
    }

    /// <summary>Holds one value of a device from now on.</summary>
    public string? SetValue(string sensorId, string quantity, double value)
    {
        if (Devices.FirstOrDefault(device => device.SensorId == sensorId) is not { } found)
        {
            return $"'{sensorId}' is no sensor here; there are: {string.Join(", ", Devices.Select(device => device.SensorId))}.";
        }

        if (found.Signals.FirstOrDefault(signal => signal.Quantity.Name == quantity) is not { } chosen)
        {
            return $"{sensorId} has no quantity '{quantity}'; it has: {string.Join(", ", found.Quantities.Select(one => one.Name))}.";
        }

        chosen.Follow(() => value);
        return null;
    }

    /// <summary>Unplugs a port.</summary>
    public string? Unplug(string portName) => WithPort(portName, port => port.Unplug());

    /// <summary>Breaks the wires between one end of a bus and the others, or mends them.</summary>
    public string? Cut(string endName, bool cut)
    {
        foreach (var hub in Lines.Select(line => line.Port).OfType<PtyHub>())
            if (hub.Ends.ToList().FindIndex(end => end.Name == endName) is >= 0 and var end)
            {
                hub.Cut(end, cut);
                return null;
            }

        return $"'{endName}' is no end of a bus with several: see --bus-ends.";
    }

    /// <summary>Plugs a port in again.</summary>
    public string? Replug(string portName) => WithPort(portName, port => port.Plug());

    /// <summary>Lets all devices fall silent; when it returns, everything sent is in the ledger.</summary>
    public async Task PauseAsync(CancellationToken cancellationToken)
    {
        foreach (var line in Lines)
        {
            await line.PauseAsync(cancellationToken);
        }
    }

    /// <summary>Ends a pause.</summary>
    public void Resume()
    {
        foreach (var line in Lines)
        {
            line.Resume();
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var line in Lines)
        {
            line.Dispose();
        }

        Ledger.Dispose();
    }

    private string? WithPort(string portName, Action<IWire> act)
    {
        List<IWire> wires = [.. Lines.Select(line => line.Port), .. Lines.Select(line => line.Port).OfType<PtyHub>().SelectMany(hub => hub.Ends.Skip(1))];
        if (wires.Find(wire => wire.Name == portName) is not { } found)
        {
            return $"'{portName}' is no port here; there are: {string.Join(", ", wires.Select(wire => wire.Name))}.";
        }

        act(found);
        return null;
    }
}
