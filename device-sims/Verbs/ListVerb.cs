using System.CommandLine;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary><c>edgehub-sims list</c>: every double, what it measures and what can go wrong with it.</summary>
internal static class ListVerb
{
    internal static Command Create(TextWriter output, TimeProvider time)
    {
        var json = new Option<bool>("--json") { Description = "One JSON object instead of text." };
        var verb = new Command("list", "Names each double with its quantities, units and faults.") { json };
        verb.SetAction((parsed, _) => parsed.GetValue(json)
            ? output.WriteLineAsync(DoubleReport.Json(time))
            : WriteTextAsync(output, time));
        return verb;
    }

    private static async Task WriteTextAsync(TextWriter output, TimeProvider time)
    {
        foreach (var model in DoubleCatalog.All)
        {
            var device = model.Example(time);
            var address = model.ExampleAddress is { } example ? $", on a shared bus, address such as {example}" : ", alone on its line";
            await output.WriteLineAsync($"{model.Name}: {device.Wiring.Baud} baud, parity {device.Wiring.Parity}{address}");
            foreach (var quantity in device.Quantities)
                await output.WriteLineAsync($"  {quantity.Name,-16}{quantity.Unit}");
            await output.WriteLineAsync($"  faults: {string.Join(", ", Enum.GetValues<FaultKind>().Where(device.CanHave).Select(FaultRate.NameOf))}");
        }
    }
}
