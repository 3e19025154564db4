using System.Buffers;
using System.Text;
using System.Text.Json;
using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.DeviceSims;

/// <summary>What the sims say about themselves, each as one line of JSON.</summary>
public static class RigReport
{
    /// <summary><c>{"event":"ready","ledger":…,"devices":[{"sensor","model","address"?,"port"}]}</c>: all ports are there.</summary>
    public static string Ready(Rig rig)
    {
        ArgumentNullException.ThrowIfNull(rig);
        return Line(json =>
        {
            json.WriteString("event"u8, "ready"u8);
            json.WriteString("ledger"u8, rig.Ledger.Path);
            json.WriteStartArray("devices"u8);
            foreach (var line in rig.Lines)
            {
                foreach (var device in line.Devices)
                {
                    json.WriteStartObject();
                    WriteIdentity(json, device, line.Port.Path);
                    json.WriteEndObject();
                }
            }

            json.WriteEndArray();
        });
    }

    /// <summary>
    /// <c>{"event":"counts","emitted","spoiled","dropped","sensors":{ID:{"emitted","spoiled","dropped","faults":{NAME:N}}}}</c>,
    /// in values; the faults in frames, those that have not struck left out.
    /// </summary>
    public static string Counts(Rig rig)
    {
        ArgumentNullException.ThrowIfNull(rig);
        return Line(json =>
        {
            json.WriteString("event"u8, "counts"u8);
            WriteCounts(json, rig.Ledger.Total);
            json.WriteStartObject("sensors"u8);
            foreach (var device in rig.Devices)
            {
                json.WriteStartObject(device.SensorId);
                WriteCounts(json, rig.Ledger.Of(device.SensorId));
                WriteFaults(json, device.Faults);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        });
    }

    /// <summary><c>{"event":"done","command":…}</c>, or <c>{"event":"refused","command":…,"error":…}</c>.</summary>
    public static string Answer(string command, string? error) => Line(json =>
    {
        json.WriteString("event"u8, error is null ? "done"u8 : "refused"u8);
        json.WriteString("command"u8, command);
        if (error is not null)
        {
            json.WriteString("error"u8, error);
        }
    });

    /// <summary><c>{"devices":[{"sensor","model","address"?,"port","quantities":[{"name","unit"}],"faults":[…]}]}</c>.</summary>
    public static string Catalog(IReadOnlyList<(string Port, DeviceDouble Device)> devices)
    {
        ArgumentNullException.ThrowIfNull(devices);
        return Line(json =>
        {
            json.WriteStartArray("devices"u8);
            foreach (var (port, device) in devices)
            {
                json.WriteStartObject();
                WriteIdentity(json, device, port);
                WriteQuantities(json, device);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
    }

    private static void WriteIdentity(Utf8JsonWriter json, DeviceDouble device, string port)
    {
        json.WriteString("sensor"u8, device.SensorId);
        json.WriteString("model"u8, device.Model);
        if (device.Address is { } address)
        {
            json.WriteString("address"u8, address);
        }

        json.WriteString("port"u8, port);
    }

    private static void WriteQuantities(Utf8JsonWriter json, DeviceDouble device)
    {
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
        {
            json.WriteStringValue(FaultRate.NameOf(kind));
        }

        json.WriteEndArray();
    }

    private static void WriteCounts(Utf8JsonWriter json, LedgerCounts counts)
    {
        json.WriteNumber("emitted"u8, counts.Emitted);
        json.WriteNumber("spoiled"u8, counts.Spoiled);
        json.WriteNumber("dropped"u8, counts.Dropped);
    }

    private static void WriteFaults(Utf8JsonWriter json, FaultPlan faults)
    {
        json.WriteStartObject("faults"u8);
        foreach (var kind in Enum.GetValues<FaultKind>().Where(kind => faults.Struck(kind) > 0))
        {
            json.WriteNumber(FaultRate.NameOf(kind), faults.Struck(kind));
        }

        json.WriteEndObject();
    }

    private static string Line(Action<Utf8JsonWriter> write)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }
}
