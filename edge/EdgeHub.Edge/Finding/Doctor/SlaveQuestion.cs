using EdgeHub.Edge.Sensors.Modbus;

namespace EdgeHub.Edge.Finding.Doctor;

/// <summary>Asks one address for one register and hears the whole time of an answer out: a second slave may follow the first.</summary>
public static class SlaveQuestion
{
    const int SampleBytesMax = 16;

    /// <param name="patience">How much longer to wait where nothing came.</param>
    public static async Task<SlaveEvidence> AskAsync(ProbeLine line, SlaveEvidence slave, CancellationToken stop, TimeSpan patience = default)
    {
        var request = new ModbusRequest(slave.Slave, ModbusFunction.ReadHoldingRegisters, 0, 1);
        var question = ReadQuestion.Registers(request);
        var heard = await line.AskAsync(question, static _ => false, stop);
        if (!Unechoed(heard.Span, question.Bytes.Span).IsEmpty || patience == default)
            return Judge(slave, request, heard.Span);
        var late = await line.ListenAsync(patience, stop);
        return IsAnswer(late.Span, request) ? slave with { Asked = slave.Asked + 1, Late = slave.Late + 1 } : Judge(slave, request, late.Span);
    }

    /// <summary>Enters what came after a question. Pure.</summary>
    public static SlaveEvidence Judge(SlaveEvidence slave, ModbusRequest request, ReadOnlySpan<byte> heard)
    {
        var own = Unechoed(heard, ModbusFrames.Request(request));
        slave = slave with { Asked = slave.Asked + 1, Echoed = slave.Echoed + (own.Length < heard.Length ? 1 : 0) };
        if (own.IsEmpty)
            return slave;
        if (IsAnswer(own, request))
            return slave with { Checked = slave.Checked + 1, Twice = slave.Twice + (IsTwice(own, request) ? 1 : 0) };
        if (IsAnswer(own, request with { Slave = own[0] }))
            return slave with { Foreign = slave.Foreign + 1, AnsweredBy = own[0] };
        return slave with
        {
            Garbled = slave.Garbled + 1,
            GarbledOwn = slave.GarbledOwn + (own[0] == slave.Slave ? 1 : 0),
            Zeros = slave.Zeros + (own.ContainsAnyExcept((byte)0) ? 0 : 1),
            Sample = Convert.ToHexString(own[..Math.Min(own.Length, SampleBytesMax)]),
        };
    }

    static bool IsAnswer(ReadOnlySpan<byte> heard, ModbusRequest request) => ModbusFrames.Find(heard, request, out _, out _) is ReplyStatus.Reply or ReplyStatus.Exception;

    // Some adapters hear themselves.
    static ReadOnlySpan<byte> Unechoed(ReadOnlySpan<byte> heard, ReadOnlySpan<byte> question) => heard.StartsWith(question) ? heard[question.Length..] : heard;

    // Where the last answer begins there may be a whole one before it.
    static bool IsTwice(ReadOnlySpan<byte> heard, ModbusRequest request)
    {
        var last = 0;
        while (last + 1 < heard.Length && IsAnswer(heard[(last + 1)..], request))
            last++;
        return IsAnswer(heard[..last], request);
    }
}
