using System.Globalization;
using System.Text.Json.Nodes;
using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding;

/// <summary>
/// Which slaves answer on a port: it listens first, says before it asks, and asks to read only. The settings are swept until one of
/// them brings a checked answer; a bus has one setting, so the others are then left alone.
/// </summary>
sealed class ModbusScan(OpenLine open, IReadOnlyList<LineSettings> sweep, byte first, byte last, bool isPassive, Action<string> say, TimeProvider time)
{
    public async Task<IReadOnlyList<Found>> RunAsync(string path, CancellationToken stop)
    {
        if (await ListenFirst.LookAsync(open, path, sweep[0].Baud, isPassive, $"the addresses {first} to {last} are asked", time, stop) is { } left)
            return [left];
        var garbled = 0;
        foreach (var settings in sweep)
        {
            say($"{path}: asking addresses {first} to {last} at {settings}, with read requests only; at silence that takes {(ProbeLine.Unanswered(settings.Baud) * (last - first + 1)).TotalSeconds:0} s.");
            await using var line = await ProbeLine.TryOpenAsync(open, path, settings, time, stop);
            if (line is null)
            {
                say($"{path}: this port cannot be set so.");
                continue;
            }

            var found = new List<Found>();
            for (int slave = first; slave <= last; slave++)
            {
                var request = new ModbusRequest((byte)slave, ModbusFunction.ReadHoldingRegisters, 0, 1);
                var (status, bytes) = await AskAsync(line, request, stop);
                if (status is ReplyStatus.Reply or ReplyStatus.Exception)
                    found.Add(await new SlaveIdentity(line, (byte)slave).LookAsync(path, settings, stop));
                else if (bytes > 0)
                    garbled++;
            }

            if (found.Count > 0)
                return found;
        }

        return
        [
            garbled > 0
                ? new Found(path, "something that answers and does not check", $"{garbled} answers without a right CRC at {string.Join("; ", sweep)}: two instruments with one address, or another speed; edgehub doctor bus looks closer")
                : new Found(path, "a line on which no Modbus slave answers", $"addresses {first.ToString(CultureInfo.InvariantCulture)} to {last} at {string.Join("; ", sweep)}: check power, that A and B are not swapped, and the ends' termination"),
        ];
    }

    internal static async Task<(ReplyStatus Status, int Bytes)> AskAsync(ProbeLine line, ModbusRequest request, CancellationToken stop)
    {
        var heard = await line.AskAsync(ReadQuestion.Registers(request), bytes => Status(bytes.Span, request) is ReplyStatus.Reply or ReplyStatus.Exception, stop);
        return (Status(heard.Span, request), heard.Length);
    }

    static ReplyStatus Status(ReadOnlySpan<byte> bytes, ModbusRequest request) => ModbusFrames.Find(bytes, request, out _, out _);

    internal static SensorEntry Entry(string path, LineSettings settings, byte slave, string profile, string? fingerprint) =>
        new($"{profile}-{slave}", "modbus", settings.PortOf(path), JsonValue.Create((int)slave), profile, fingerprint);
}
