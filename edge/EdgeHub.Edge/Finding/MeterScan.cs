using System.Text.Json.Nodes;
using EdgeHub.Edge.Sensors.Buses;
using EdgeHub.Edge.Sensors.Dlt645;
using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Finding;

/// <summary>The meter of DL/T 645-2007 on a port, by the wildcard address: it works for one meter on a line, two answer into each other.</summary>
sealed class MeterScan(OpenLine open, IReadOnlyList<LineSettings> sweep, bool isPassive, Action<string> say, TimeProvider time)
{
    /// <summary>The voltages of all phases in one block (annex A), two bytes each.</summary>
    const uint Voltages = 0x0201FF00;

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

            if (await AskAsync(line, ReadQuestion.MeterAddress(), stop) is not { } answer)
                continue;
            if (answer.Address.IsEmpty)
            {
                garbled = true;
                continue;
            }

            var plate = Bcd.Format(answer.Address.Span);
            var isThreePhase = await AskAsync(line, ReadQuestion.MeterValue(answer.Address.Span, Voltages), stop) is { Address.IsEmpty: false, Data.Length: > 2 };
            var kind = isThreePhase ? "three-phase" : "single-phase";
            return [new Found(path, $"DL/T 645 meter {plate}, {kind}", $"told its address at {settings}", new SensorEntry($"meter-{plate}", "dlt645", settings.PortOf(path), JsonValue.Create(plate), Meter: kind))];
        }

        return [new Found(path, "a line on which no meter told its address", garbled ? "something answered and did not check: two meters at once, or another speed. Take all but one off, or write the address on the plate" : $"silence at {string.Join("; ", sweep)}")];
    }

    // Null: silence. Without an address: bytes that do not check, or a refusal.
    static async Task<Dlt645Answer?> AskAsync(ProbeLine line, ReadQuestion question, CancellationToken stop)
    {
        var heard = await line.AskAsync(question, bytes => Dlt645Frames.Find(bytes.Span, question.Bytes.Span, out _) is AnswerKind.Answered or AnswerKind.Refused, stop);
        if (heard.IsEmpty)
            return null;
        return Dlt645Frames.Find(heard.Span, question.Bytes.Span, out var answer) == AnswerKind.Answered ? answer : new Dlt645Answer(default, default, HasMore: false);
    }
}
