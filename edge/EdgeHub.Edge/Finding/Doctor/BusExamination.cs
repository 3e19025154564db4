using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>
/// Gathers what a Modbus line shows: it listens first, leaves a line with another master or a talker alone, says before it asks, and
/// has only <see cref="ReadQuestion"/>s to send.
/// </summary>
/// <param name="sweep">Settings to try, the likeliest first.</param>
/// <param name="configured">How the configuration sets the line.</param>
/// <param name="expected">Addresses that should answer.</param>
/// <param name="addresses">Addresses to ask, those expected among them.</param>
public sealed class BusExamination(OpenLine open, IReadOnlyList<LineSettings> sweep, LineSettings? configured, IReadOnlySet<byte> expected, IReadOnlyList<byte> addresses, TimeSpan listen, bool isPassive, Action<string> say, TimeProvider time)
{
    /// <summary>Questions to each address that is expected or has been heard.</summary>
    const int QuestionsEach = 10;

    /// <summary>How long an answer may be late and still be heard.</summary>
    static readonly TimeSpan LateAfter = TimeSpan.FromSeconds(2);

    public async Task<BusEvidence> RunAsync(string path, CancellationToken stop)
    {
        var before = await ListenAsync(path, stop);
        if (isPassive || before.MasterQuestions.Count > 0 || before.Talker is not null)
            return before;
        var tried = new List<string>();
        var garbled = new List<(LineSettings Settings, List<byte> Heard)>();
        foreach (var settings in sweep)
        {
            say($"{path}: asking {addresses.Count} addresses, {addresses[0]} to {addresses[^1]}, at {settings}, with read requests only; at silence that takes {(ProbeLine.Unanswered(settings.Baud) * addresses.Count).TotalSeconds:0} s.");
            IReadOnlyList<SlaveEvidence>? found = null;
            await using (var line = await ProbeLine.TryOpenAsync(open, path, settings, time, stop))
            {
                if (line is null)
                {
                    say($"{path}: this port cannot be set so.");
                    continue;
                }

                tried.Add(settings.ToString());
                var (heard, isBus) = await RollCallAsync(line, stop);
                if (isBus)
                    found = await LookAsync(line, heard, stop);
                else if (heard.Count > 0)
                    garbled.Add((settings, heard));
            }

            if (found is not null)
                return before with { Settings = settings.ToString(), Tried = tried, Slaves = await ElsewhereAsync(path, settings, found, stop) };
        }

        if (garbled.Count == 0)
            return before with { Tried = tried, Slaves = [.. addresses.Select(slave => new SlaveEvidence(slave, expected.Contains(slave), 1))] };
        await using var loudest = await ProbeLine.OpenAsync(open, path, garbled[0].Settings, time, stop);
        var slaves = await LookAsync(loudest, garbled[0].Heard, stop);
        return before with { Settings = slaves.Any(slave => slave.Checked + slave.Late > 0) ? garbled[0].Settings.ToString() : null, Tried = tried, Slaves = slaves };
    }

    async Task<BusEvidence> ListenAsync(string path, CancellationToken stop)
    {
        var evidence = new BusEvidence(listen.TotalSeconds, 0, 0, new Dictionary<byte, (int, int)>(), null, configured?.ToString(), null, [], []);
        foreach (var settings in sweep)
        {
            await using var line = await ProbeLine.TryOpenAsync(open, path, settings, time, stop);
            if (line is null)
                continue;
            say($"{path}: listening for {listen.TotalSeconds:0.#} s at {settings}; nothing is sent.");
            var heard = await line.ListenAsync(listen, stop);
            if (heard.IsEmpty)
                return evidence;
            var traffic = new Traffic();
            var masters = new SortedDictionary<byte, (int Asked, int Answered)>();
            foreach (var one in traffic.Add(0, heard.Span).Concat(traffic.Silence()).Where(one => one.Kind != TrafficKind.Unclear))
            {
                var (asked, answered) = masters.GetValueOrDefault(one.Slave);
                masters[one.Slave] = one.Kind == TrafficKind.Question ? (asked + 1, answered) : (asked, answered + 1);
            }

            evidence = evidence with { Unasked = heard.Length, Zeros = heard.Span.Count((byte)0), MasterQuestions = masters, Talker = Recognition.Of(heard.Span)?.Driver };
            if (masters.Count > 0 || evidence.Talker is not null)
                return evidence;
        }

        return evidence;
    }

    // Each address once: who makes any sound, and whether one of them checks.
    async Task<(List<byte> Heard, bool IsBus)> RollCallAsync(ProbeLine line, CancellationToken stop)
    {
        var heard = new List<byte>();
        var isBus = false;
        foreach (var slave in addresses)
        {
            var one = await SlaveQuestion.AskAsync(line, new SlaveEvidence(slave, expected.Contains(slave)), stop);
            // An answer that bears another address may be a late one to the question before.
            if (one.IsHeard)
                heard.Add(one.AnsweredBy ?? slave);
            isBus |= one.Checked > 0;
        }

        return (heard, isBus);
    }

    async Task<IReadOnlyList<SlaveEvidence>> LookAsync(ProbeLine line, List<byte> heard, CancellationToken stop)
    {
        SlaveEvidence[] slaves = [.. heard.Union(expected).Order().Select(slave => new SlaveEvidence(slave, expected.Contains(slave)))];
        int? silent = null;
        for (var round = 0; round < QuestionsEach; round++)
            for (var i = 0; i < slaves.Length; i++)
            {
                // Whoever is late once is waited for always.
                var patience = round == 0 || slaves[i].Late > 0 ? LateAfter : TimeSpan.Zero;
                var asked = await SlaveQuestion.AskAsync(line, slaves[i], stop, patience);
                if (silent is { } before && asked.Foreign > slaves[i].Foreign && asked.AnsweredBy == slaves[before].Slave)
                {
                    // The one before was late, and this one is still to be heard.
                    slaves[before] = slaves[before] with { Late = slaves[before].Late + 1 };
                    asked = await SlaveQuestion.AskAsync(line, slaves[i], stop, patience);
                }

                silent = asked.Silent > slaves[i].Silent ? i : null;
                slaves[i] = asked;
            }

        return slaves;
    }

    // One that is silent or never checks while its neighbours do may be set to something else.
    async Task<IReadOnlyList<SlaveEvidence>> ElsewhereAsync(string path, LineSettings bus, IReadOnlyList<SlaveEvidence> slaves, CancellationToken stop)
    {
        SlaveEvidence[] all = [.. slaves];
        if (all.All(slave => slave.Checked > 0))
            return all;
        foreach (var settings in sweep.Where(settings => settings != bus))
        {
            await using var line = await ProbeLine.TryOpenAsync(open, path, settings, time, stop);
            for (var i = 0; line is not null && i < all.Length; i++)
                if (all[i] is { Checked: 0, Foreign: 0, Elsewhere: null } && (await SlaveQuestion.AskAsync(line, new SlaveEvidence(all[i].Slave, IsExpected: true), stop)).Checked > 0)
                    all[i] = all[i] with { Elsewhere = settings.ToString() };
        }

        return all;
    }
}
