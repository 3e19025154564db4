using System.CommandLine;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary><c>edgehub-sims list</c>: the devices of the standard set, what each measures and what can go wrong with it.</summary>
internal static class ListVerb
{
    private const ulong AnySeed = 1;

    internal static Command Create(TextWriter output)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        var verb = new Command("list", "Names each simulated device with its quantities, units and faults.") { json };
        verb.SetAction((parsed, _) => parsed.GetValue(json)
            ? output.WriteLineAsync(RigReport.Catalog(StandardSet.Devices(AnySeed)))
            : WriteTextAsync(output));
        return verb;
    }

    private static async Task WriteTextAsync(TextWriter output)
    {
        foreach (var (port, device) in StandardSet.Devices(AnySeed))
        {
            var address = device.Address is { } number ? $", address {number}" : "";
            await output.WriteLineAsync($"{device.SensorId}: {device.Model} on {port}{address}");
            foreach (var quantity in device.Quantities)
            {
                await output.WriteLineAsync($"  {quantity.Name,-16}{quantity.Unit}");
            }
        }

        await output.WriteLineAsync($"Faults of each: {string.Join(", ", FaultRate.Names)}");
    }
}
