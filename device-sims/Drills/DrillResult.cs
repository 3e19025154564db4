using EdgeHub.DeviceSims.Demo;

namespace EdgeHub.DeviceSims.Drills;

/// <summary>What a drill came to.</summary>
/// <param name="Missing">What the machine lacks for it; it was not run.</param>
/// <param name="Failure">Why it broke off; null when it came to its judgement.</param>
sealed record DrillResult(Drill Drill, IReadOnlyList<DrillStep> Steps, IReadOnlyList<DrillCheck> Checks, Verdict? Books, TimeSpan Took, string? Missing, string? Failure)
{
    public bool IsPassed => Missing is null && Failure is null && Books is { IsGood: true } && Checks.All(check => check.Holds);

    public string Word => Missing is not null ? "NOT RUN" : IsPassed ? "PASS" : "FAIL";

    /// <summary>The first thing that did not hold.</summary>
    public string Reason => Missing ?? Failure ?? Checks.FirstOrDefault(check => !check.Holds)?.What ?? (Books is { IsGood: true } ? "" : "the books do not balance");
}

/// <summary>What was done or seen, and when since the drill began.</summary>
sealed record DrillStep(TimeSpan At, string Text);

/// <summary>What had to hold besides the books.</summary>
sealed record DrillCheck(string What, bool Holds);
