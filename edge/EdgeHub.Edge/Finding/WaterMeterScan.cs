using System.Text.Json.Nodes;
using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Cjt188;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Finding;

/// <summary>The meter of CJ/T 188 on a port, by the wildcard address: it works for one meter on a line. Each kind and each order of the identifier is asked for, since a meter hears its own alone.</summary>
sealed class WaterMeterScan(OpenLine open, IReadOnlyList<LineSettings> sweep, bool isPassive, Action<string> say, TimeProvider time)
{
    public async Task<IReadOnlyList<Found>> RunAsync(string path, CancellationToken stop)
    {
        if (await ListenFirst.LookAsync(open, path, sweep[0].Baud, isPassive, "a meter is asked for its address", time, stop) is { } left)
            return [left];
        var garbled = false;
        foreach (var settings in sweep)
        {
            say($"{path}: asking whatever meter is there for its address at {settings}; nothing is written to it.");
            await using var line = await ProbeLine.TryOpenAsync(open, path, settings, time, stop);
            if (line is null)
            {
                say($"{path}: this port cannot be set so.");
                continue;
            }

            foreach (var (word, kind) in Cjt188Kind.All)
                foreach (var isLowFirst in new[] { true, false })
                {
                    var question = ReadQuestion.WaterMeterAddress(kind.Type, isLowFirst);
                    var heard = await line.AskAsync(question, bytes => Cjt188Frames.FindAddress(bytes.Span, question.Bytes.Span, out _) == AnswerKind.Answered, stop);
                    garbled |= !heard.IsEmpty;
                    if (Cjt188Frames.FindAddress(heard.Span, question.Bytes.Span, out var address) != AnswerKind.Answered)
                        continue;
                    var plate = Bcd.Format(address);
                    var order = isLowFirst ? Cjt188Driver.LowFirst : Cjt188Driver.HighFirst;
                    return [new Found(path, $"CJ/T 188 meter {plate}, {word}", $"told its address at {settings}, identifier {order}", new SensorEntry($"meter-{plate}", "cjt188", settings.PortOf(path), JsonValue.Create(plate), Meter: word, Order: order))];
                }
        }

        return [new Found(path, "a line on which no meter told its address", garbled ? "something answered and did not check: two meters at once, or another speed. Take all but one off, or write the address on the plate" : $"silence at {string.Join("; ", sweep)}; a meter without code 03 keeps silent too: write the address on its plate")];
    }
}
