using EdgeHub.Edge.Sensors.Lines;
using EdgeHub.Edge.Sensors.Modbus;
using EdgeHub.Wire;

namespace EdgeHub.Edge.Finding;

/// <summary>Who a slave is: by its own words where it has function 43, and by the profile whose registers it all has with values in range.</summary>
sealed class SlaveIdentity(ProbeLine line, byte slave)
{
    /// <summary>Answers of function 43 to one identification.</summary>
    const int AnswersMax = 8;

    public async Task<Found> LookAsync(string path, LineSettings settings, CancellationToken stop)
    {
        var words = await WordsAsync(stop);
        var fits = new List<(ModbusProfile Profile, int Values)>();
        var library = ProfileLibrary.BuiltIn();
        foreach (var name in library.Names)
            if (library.Find(name) is { } profile && await ValuesAsync(profile, stop) is var values and > 0)
                fits.Add((profile, values));
        var evidence = $"answers at {settings}{(words.Length > 0 ? $", calls itself {words}" : "")}";
        // A profile of a single register fits half the world, and one of a bigger brother finds only zeros beyond what is there.
        if (fits.OrderByDescending(fit => fit.Values).ThenBy(fit => fit.Profile.Registers.Count).Select(fit => fit.Profile).FirstOrDefault() is not { } best)
            return new Found(path, $"Modbus slave {slave}", $"{evidence}; no built-in profile fits it: write one from its manual (docs/modbus-profile.schema.json)");
        var others = fits.Where(fit => fit.Profile != best).Select(fit => fit.Profile.Name).ToList();
        var fingerprint = best.Identity is { } identity ? await RegistersAsync(identity, stop) : words;
        return new Found(
            path,
            $"Modbus slave {slave}, seems a {best.Name}",
            $"{evidence}; all {best.Registers.Count} values of the profile are there and in range{(others.Count > 0 ? $" (as are those of {string.Join(", ", others)}: hold it against the plate)" : "")}",
            ModbusScan.Entry(path, settings, slave, best.Name, fingerprint.Length > 0 ? fingerprint : null));
    }

    async Task<string> WordsAsync(CancellationToken stop)
    {
        var objects = new SortedDictionary<byte, string>();
        byte? next = 0;
        for (var i = 0; i < AnswersMax && next is { } from; i++)
        {
            var asked = ModbusIdentification.Ask(from);
            var heard = await line.AskAsync(ReadQuestion.Identification(slave, from), bytes => ModbusFrames.Find(bytes.Span, slave, asked, out _) is ReplyStatus.Reply or ReplyStatus.Exception, stop);
            if (ModbusFrames.Find(heard.Span, slave, asked, out var answer) != ReplyStatus.Reply)
                break;
            foreach (var (number, text) in ModbusIdentification.Read(answer, out next))
                objects[number] = text;
        }

        return ModbusIdentification.Fingerprint(objects);
    }

    // How many of its values are there and not 0; none at all where a register is refused or a value is out of range.
    async Task<int> ValuesAsync(ModbusProfile profile, CancellationToken stop)
    {
        var values = 0;
        foreach (var (request, indexes) in RequestPlan.Build(profile, slave))
        {
            if (await PayloadAsync(request, stop) is not { } payload)
                return 0;
            foreach (var index in indexes)
                switch (profile.Registers[index].Read(payload, request.Start))
                {
                    case (_, Quality.BadOutOfRange):
                        return 0;
                    case (not 0, Quality.Good):
                        values++;
                        break;
                }
        }

        return values;
    }

    async Task<string> RegistersAsync(ModbusIdentity identity, CancellationToken stop) =>
        await PayloadAsync(identity.Request(slave), stop) is { } payload ? identity.Read(payload) : "";

    async Task<byte[]?> PayloadAsync(ModbusRequest request, CancellationToken stop)
    {
        var heard = await line.AskAsync(ReadQuestion.Registers(request), bytes => ModbusFrames.Find(bytes.Span, request, out _, out _) is ReplyStatus.Reply or ReplyStatus.Exception, stop);
        return ModbusFrames.Find(heard.Span, request, out var payload, out _) == ReplyStatus.Reply ? payload.ToArray() : null;
    }
}
