using EdgeHub.DeviceSims.Doubles;
using EdgeHub.DeviceSims.Faults;

namespace EdgeHub.Tests.DeviceSims;

/// <summary>What faults make of a frame.</summary>
public sealed class TransmissionTests
{
    [Theory]
    [InlineData(FaultKind.Crc, false)]
    [InlineData(FaultKind.Flip, false)]
    [InlineData(FaultKind.Truncate, false)]
    [InlineData(FaultKind.Baud, false)]
    [InlineData(FaultKind.WrongAddress, false)]
    [InlineData(FaultKind.Exception, false)]
    [InlineData(FaultKind.Split, true)]
    [InlineData(FaultKind.Merge, true)]
    [InlineData(FaultKind.Garbage, true)]
    [InlineData(FaultKind.Slow, true)]
    public void A_plain_reader_takes_the_values_exactly_when_the_ledger_says_so(FaultKind kind, bool isTrue)
    {
        for (ulong seed = 1; seed <= 200; seed++)
        {
            var meter = new NoiseMeter("n", 2, seed);
            var answer = meter.Answer(ModbusSlaveTests.Request(2, 3, 0, 1))!;
            var sent = Transmission.Of(meter, answer, new HashSet<FaultKind> { kind }, isReply: true);
            byte[] wire = [.. sent.Bytes.SelectMany(piece => piece.ToArray())];

            Assert.Equal(isTrue, sent.IsTrue);
            Assert.Equal(isTrue, wire.Length >= 7 && wire[0] == 2 && wire[1] == 3 && PlainReader.HasRightCrc(wire[..7]) && wire.AsSpan(0, 7).SequenceEqual(answer.Frame.Span));
        }
    }

    [Fact]
    public void A_wrong_address_and_an_exception_are_right_frames_of_another_meaning()
    {
        var meter = new NoiseMeter("n", 2, seed: 1);
        var answer = meter.Answer(ModbusSlaveTests.Request(2, 3, 0, 1))!;
        var other = Assert.Single(Transmission.Of(meter, answer, new HashSet<FaultKind> { FaultKind.WrongAddress }, isReply: true).Bytes).ToArray();
        var refusal = Transmission.Of(meter, answer, new HashSet<FaultKind> { FaultKind.Exception }, isReply: true);

        Assert.Equal(3, other[0]);
        Assert.True(PlainReader.HasRightCrc(other));
        Assert.Equal([2, 0x83, 4], refusal.Bytes[0].ToArray()[..3]);
        Assert.Empty(refusal.Values);
    }

    [Fact]
    public void A_merged_stream_carries_two_frames_and_their_values()
    {
        var sensor = new Pms5003("p", seed: 1);
        var sent = Transmission.Of(sensor, sensor.Measure(), new HashSet<FaultKind> { FaultKind.Merge }, isReply: false);
        Assert.Equal(24, sent.Values.Count);
        Assert.Equal(sent.Values.Select(value => PlainReader.Text("p", value.Quantity, value.Value)), PlainReader.PmsValues("p", sent.Bytes[0].Span));
    }

    [Fact]
    public void Two_answers_at_once_are_neither()
    {
        byte[] first = [2, 3, 2, 1, 44, 0x7D, 0xC9];
        byte[] second = [2, 3, 2, 1, 45, 0xBC, 0x09];
        var wire = Collision.Of([first, second]);
        Assert.Equal(8, wire.Length);
        Assert.NotEqual(first, wire[..7]);
        Assert.NotEqual(second, wire[1..]);
    }

    [Theory]
    [InlineData(9600, 9600, true)]
    [InlineData(9600, 4800, false)]
    [InlineData(9600, 19200, false)]
    [InlineData(2400, 115200, false)]
    [InlineData(115200, 2400, false)]
    public void A_reader_at_another_speed_sees_other_bytes(int sender, int receiver, bool same)
    {
        byte[] sent = [0x01, 0x03, 0x02, 0x02, 0x92, 0x38, 0x89];
        Assert.Equal(same, BaudMismatch.Seen(sent, sender, receiver).AsSpan().SequenceEqual(sent));
    }
}
