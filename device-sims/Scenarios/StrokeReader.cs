using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>Reads one entry of the timeline.</summary>
sealed class StrokeReader(IReadOnlyList<ScenarioBus> buses, IReadOnlyDictionary<string, DeviceDouble> devices)
{
    const string All = "all";

    public Stroke Read(YamlSection section)
    {
        var at = section.Moment("at");
        var length = section.Length("for", null, TimeSpan.FromMilliseconds(1));
        var unplug = section.Has("unplug") ? section.Text("unplug", "", "") : null;
        if (unplug is not null)
        {
            List<string> ports = [.. buses.Select(bus => bus.Port)];
            if (!ports.Contains(unplug))
                section.Error("unplug", $"there is no port {unplug}. {NearestWord.Advice(unplug, ports)}");
            section.RejectUnknown();
            return new Stroke(at, length, null, default, FaultSetting.Off, unplug);
        }

        var device = section.Text("device", All, "");
        var name = section.Text("fault", null, $"Write one of {string.Join(", ", FaultRate.Names)}, or unplug: with a port.");
        var quantity = section.Has("quantity") ? section.Text("quantity", "", "") : null;
        var setting = new FaultSetting(section.Number("rate", 1, 0, 1), section.Has("amount") ? section.Number("amount", 0) : null, quantity);
        if (!FaultRate.TryKind(name, out var kind, out _) && name.Length > 0)
            section.Error("fault", $"'{name}' is no fault. {NearestWord.Advice(name, [.. FaultRate.Names])}");
        else
            Check(section, device, kind, quantity);
        section.RejectUnknown();
        return new Stroke(at, length, device == All ? null : device, kind, setting, null);
    }

    void Check(YamlSection section, string device, FaultKind kind, string? quantity)
    {
        if (device != All && !devices.ContainsKey(device))
            section.Error("device", $"there is no device {device}. {NearestWord.Advice(device, [.. devices.Keys, All])}");
        List<DeviceDouble> struck = [.. devices.Where(pair => device == All || pair.Key == device).Select(pair => pair.Value)];
        if (struck.Count > 0 && !struck.Any(one => one.CanHave(kind)))
            section.Error("fault", $"{device} cannot have the fault {FaultRate.NameOf(kind)}; edgehub-sims list says what each can have.");
        List<string> quantities = [.. struck.SelectMany(one => one.Quantities).Select(one => one.Name).Distinct()];
        if (quantity is not null && struck.Count > 0 && !quantities.Contains(quantity))
            section.Error("quantity", $"{device} has no quantity {quantity}. {NearestWord.Advice(quantity, quantities)}");
    }
}
