namespace EdgeHub.DeviceSims.Demo;

/// <summary>What goes wrong during a run and when, as fractions of its length; each time is long enough after the last that both ends are back.</summary>
static class ChaosPlan
{
    static readonly (double At, string Name)[] Events =
    [
        (0.15, "re-plug of the air sensor's line"),
        (0.30, "cut of the broker"),
        (0.50, "kill -9 of the edge"),
        (0.70, "kill -9 of the bridge"),
    ];

    /// <summary>The events of a run of this length that lie after <paramref name="done"/> others and are due.</summary>
    public static string? Due(int done, TimeSpan elapsed, TimeSpan length) =>
        done < Events.Length && elapsed >= length * Events[done].At ? Events[done].Name : null;
}
