namespace EdgeHub.Tests.Sensors.I2c;

/// <summary>A part with a file of byte registers and a pointer that moves on as they are read.</summary>
class RegisterDouble : I2cDouble
{
    int pointer;

    public byte[] Registers { get; } = new byte[256];

    protected virtual void Written(int register)
    {
    }

    protected override void Take(ReadOnlySpan<byte> written)
    {
        pointer = written[0];
        for (var i = 1; i < written.Length; i++)
        {
            Registers[pointer + i - 1] = written[i];
            Written(pointer + i - 1);
        }
    }

    protected override void Answer(Span<byte> destination)
    {
        for (var i = 0; i < destination.Length; i++)
            destination[i] = Registers[(pointer + i) & 0xFF];
    }
}
