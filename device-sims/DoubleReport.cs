using System.Text.Json;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims;

/// <summary>What <c>edgehub-sims list --json</c> says: <c>{"doubles":[{"double","address"?,"baud","parity","pace_ms"?,"quantities":[{"name","unit"}],"faults":[…]}]}</c>.</summary>
public static class DoubleReport
{
    public static string Json(TimeProvider time) => RigReport.Line(json =>
    {
        json.WriteStartArray("doubles"u8);
        foreach (var model in DoubleCatalog.All)
            Write(json, model.Example(time), model);
        json.WriteEndArray();
    });

    static void Write(Utf8JsonWriter json, DeviceDouble device, DoubleModel model)
    {
        json.WriteStartObject();
        json.WriteString("double"u8, model.Name);
        if (model.ExampleAddress is { } address)
            json.WriteString("address"u8, address);
        json.WriteNumber("baud"u8, device.Wiring.Baud);
        json.WriteString("parity"u8, device.Wiring.Parity);
        if (device.Pace is { } pace)
            json.WriteNumber("pace_ms"u8, (long)pace.TotalMilliseconds);
        json.WriteStartArray("quantities"u8);
        foreach (var quantity in device.Quantities)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, quantity.Name);
            json.WriteString("unit"u8, quantity.Unit);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("faults"u8);
        foreach (var kind in Enum.GetValues<FaultKind>().Where(device.CanHave))
            json.WriteStringValue(FaultRate.NameOf(kind));
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
