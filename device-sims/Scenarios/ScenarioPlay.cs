using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>A scenario on its way: wires its devices to ports, lets its timeline strike.</summary>
static class ScenarioPlay
{
    /// <summary>Makes the ports in <paramref name="directory"/>, which must exist, and wires the devices to them.</summary>
    /// <exception cref="IOException">A port cannot be made.</exception>
    public static IReadOnlyList<SimLine> Wire(Scenario scenario, string directory, Ledger ledger, ScenarioClock clock, TimeProvider time)
    {
        var lines = new List<SimLine>();
        try
        {
            foreach (var bus in scenario.Buses)
                lines.Add(SimLine.Open(Path.Combine(directory, bus.Port), bus.Baud, [.. bus.Devices.Select(device => Make(device, clock))], ledger, time, scenario.Speed, bus.Strict));
            return lines;
        }
        catch
        {
            lines.ForEach(line => line.Dispose());
            throw;
        }
    }

    /// <summary>Strikes until the timeline is done, then until the scenario's length, if it has one; true when that was reached.</summary>
    public static async Task<bool> RunAsync(Scenario scenario, Rig rig, ScenarioClock clock, CancellationToken stoppingToken)
    {
        foreach (var (at, act) in Moments(scenario).Where(moment => moment.At < (scenario.Length ?? TimeSpan.MaxValue)).OrderBy(moment => moment.At))
        {
            await clock.UntilAsync(at, stoppingToken);
            act(rig);
        }

        if (scenario.Length is not { } length)
            return false;
        await clock.UntilAsync(length, stoppingToken);
        return true;
    }

    static IEnumerable<(TimeSpan At, Action<Rig> Act)> Moments(Scenario scenario)
    {
        foreach (var stroke in scenario.Timeline)
        {
            yield return (stroke.At, stroke.Unplug is { } port ? rig => rig.Unplug(port) : rig => rig.SetFault(stroke.Device, stroke.Fault, stroke.Setting));
            if (stroke.Length is { } length)
                yield return (stroke.At + length, stroke.Unplug is { } back ? rig => rig.Replug(back) : rig => rig.SetFault(stroke.Device, stroke.Fault, FaultSetting.Off));
        }
    }

    static DeviceDouble Make(ScenarioDevice device, ScenarioClock clock)
    {
        var made = device.Model.Make(device.Settings);
        foreach (var signal in made.Signals)
            if (device.Courses.TryGetValue(signal.Quantity.Name, out var course))
                signal.Follow(() => course.At(clock.Now));
        return made;
    }
}
