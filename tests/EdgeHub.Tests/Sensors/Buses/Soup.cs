using CsCheck;

namespace EdgeHub.Tests.Sensors.Buses;

/// <summary>What a bad cable makes of frames: pieces of them, whole ones, changed ones and noise, in any order.</summary>
static class Soup
{
    public static Gen<byte[]> Of(params string[] frames)
    {
        var whole = Gen.OneOfConst(frames).Select(Convert.FromHexString);
        return Gen.OneOf(
            Gen.Byte.Array[0, 16],
            whole,
            Gen.Select(whole, Gen.Int[0, 1000], Gen.Int[0, 7], (frame, at, bit) => Flip(frame, at, bit)),
            Gen.Select(whole, Gen.Int[0, 1000], (frame, length) => frame[..(length % frame.Length)])).Array[0, 6].Select(parts => parts.SelectMany(part => part).ToArray());
    }

    static byte[] Flip(byte[] frame, int at, int bit)
    {
        frame[at % frame.Length] ^= (byte)(1 << bit);
        return frame;
    }
}
