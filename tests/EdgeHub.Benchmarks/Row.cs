namespace EdgeHub.Benchmarks;

/// <summary>One figure of a run.</summary>
/// <param name="Value">Null when this machine cannot measure it; <paramref name="Note"/> then says why. Never an estimate.</param>
/// <param name="Reference">The plainest program that does the same work, in the same run on the same machine.</param>
/// <param name="Ratio">Value by reference.</param>
/// <param name="Target">What the figure must keep, as text; empty where nothing is promised.</param>
/// <param name="Note">What was done, what the reference is, or why there is no value.</param>
sealed record Row(string Name, double? Value, string Unit, double? Reference, string Target, string Note)
{
    public double? Ratio => Value / Reference;

    public static Row Missing(string name, string unit, string why) => new(name, null, unit, null, "", why);
}
