namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>What was found at one cut.</summary>
/// <param name="Before">The cut from which on it was counted.</param>
public sealed record Verdict(string Gateway, Cut Before, Cut Cut, CityCount City, CutState State, string Text)
{
    public string Sentence => State == CutState.Differs
        ? $"The books of {Gateway} differ in records {Before.LastNumber + 1}-{Cut.LastNumber} of spool {Cut.Spool}: {Text}."
        : $"The books of {Gateway} balance up to record {Cut.LastNumber} of spool {Cut.Spool}.";

    internal static async Task<Verdict> OfAsync(StoreTransaction transaction, Cut before, Cut cut, CityCount city, CancellationToken cancellationToken)
    {
        var (state, text) = Balance.Of(before, cut, city);
        var names = await transaction.QueryAsync("SELECT id FROM gateway WHERE key = $1", reader => reader.GetString(0), cancellationToken, cut.Gateway);
        return new Verdict(names.Count > 0 ? names[0] : "", before, cut, city, state, text);
    }
}
