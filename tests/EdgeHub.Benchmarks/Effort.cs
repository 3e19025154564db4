namespace EdgeHub.Benchmarks;

/// <summary>How much work a run does.</summary>
/// <param name="Quick">A tenth of everything, once.</param>
sealed record Effort(bool Quick)
{
    /// <summary>Repetitions of what is timed; the median counts.</summary>
    public int Rounds => Quick ? 1 : 3;

    public int Of(int full) => Quick ? full / 10 : full;
}
