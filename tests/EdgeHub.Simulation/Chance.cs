namespace EdgeHub.Simulation;

/// <summary>SplitMix64: the same seed, the same run, on every machine.</summary>
sealed class Chance(ulong seed)
{
    ulong state = seed;

    public ulong Next64()
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    public UInt128 Next128() => new(Next64(), Next64());

    public int Next(int below) => (int)(Next64() % (ulong)below);
}
