using System.Globalization;

namespace EdgeHub.Simulation;

/// <summary>What a campaign of seeds found.</summary>
sealed class SeedTally
{
    readonly Lock gate = new();
    readonly List<ulong> failed = [];
    int seeds;
    int withAcks;
    long faults;
    long recorded;
    long unpromised;

    public TimeSpan Took { get; set; }

    public bool IsGreen => failed.Count == 0;

    public void Add(SeedResult result)
    {
        lock (gate)
        {
            seeds++;
            recorded += result.Recorded;
            unpromised += result.Volatile;
            withAcks += result.Stored > 0 ? 1 : 0;
            faults += result.Faults;
            if (result.Failure is not null)
                failed.Add(result.Seed);
        }
    }

    public string ToJson() => string.Create(CultureInfo.InvariantCulture, $$"""{"seeds":{{seeds}},"failed":[{{string.Join(',', failed.Order())}}],"seeds_per_minute":{{seeds / Math.Max(Took.TotalMinutes, 1e-9):F0}},"with_acks":{{withAcks}},"faults":{{faults}},"readings":{{recorded}},"volatile":{{unpromised}}}""");
}
