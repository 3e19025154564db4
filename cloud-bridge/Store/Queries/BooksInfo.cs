namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>How the books of one box stand, as they were last compared.</summary>
/// <param name="State"><c>balanced</c>, <c>open</c> (records are on their way), <c>differs</c> (an alarm), or <c>none</c>: the box has told nothing yet.</param>
/// <param name="Cuts">How many times the box has said what it recorded.</param>
/// <param name="ToldAt">When it last did.</param>
public sealed record BooksInfo(string Gateway, string State, long Cuts, long Open, long Differing, string? ToldAt, IReadOnlyList<BooksDifference> Differences)
{
    public static string Word(long cuts, long open, long differing) => differing > 0 ? "differs" : cuts == 0 ? "none" : open > 0 ? "open" : "balanced";
}

/// <summary>Where they differ, and by what.</summary>
public sealed record BooksDifference(string Spool, long LastNumber, string ToldAt, string Text);
