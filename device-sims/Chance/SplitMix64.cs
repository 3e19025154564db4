using System.Numerics;

namespace EdgeHub.DeviceSims.Chance;

/// <summary>
/// A small seeded random source (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014).
/// Each device and each purpose has its own, so that adding one changes what no other one does.
/// </summary>
public sealed class SplitMix64
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private ulong _state;

    /// <summary>Starts from <paramref name="seed"/>: equal seeds give equal numbers for ever.</summary>
    public SplitMix64(ulong seed) => _state = seed;

    /// <summary>The source of one device and one purpose of the run that <paramref name="seed"/> names.</summary>
    public static SplitMix64 For(ulong seed, string device, string purpose)
    {
        ArgumentNullException.ThrowIfNull(device);
        ArgumentNullException.ThrowIfNull(purpose);
        return new(Mix(Mix(seed + GoldenGamma) ^ Fold(device)) ^ BitOperations.RotateLeft(Fold(purpose), 32));
    }

    /// <summary>The next 64 random bits.</summary>
    public ulong Next()
    {
        _state += GoldenGamma;
        return Mix(_state);
    }

    /// <summary>A number from 0 to below <paramref name="limit"/>, which must be positive.</summary>
    public int Below(int limit)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return (int)(Next() % (ulong)limit);
    }

    /// <summary>A number from 0 to below 1.</summary>
    public double Fraction() => (Next() >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>FNV-1a: a hash of text that is the same in every process, as <see cref="string.GetHashCode()"/> is not.</summary>
    private static ulong Fold(string text)
    {
        var hash = 14695981039346656037UL;
        foreach (var letter in text)
        {
            hash = (hash ^ letter) * 1099511628211UL;
        }

        return hash;
    }
}
