using System.Globalization;

namespace EdgeHub.Simulation;

/// <summary>What happened, in order: a hash that proves that two runs were the same, and the text for whoever wants to read it.</summary>
sealed class Story(Func<TimeSpan> now, TextWriter? text)
{
    const ulong FnvOffset = 14695981039346656037;
    const ulong FnvPrime = 1099511628211;

    public ulong Hash { get; private set; } = FnvOffset;

    public void Tell(string what)
    {
        var at = now();
        Hash = (Hash ^ (ulong)at.Ticks) * FnvPrime;
        foreach (var character in what)
            Hash = (Hash ^ character) * FnvPrime;
        text?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{at.TotalSeconds,12:F3} {what}"));
    }
}
