using System.Globalization;
using EdgeHub.Wire;

namespace EdgeHub.CloudBridge.Store.Queries;

/// <summary>The verdicts of the auditor, box by box.</summary>
public static class BooksQuery
{
    public static async Task<IReadOnlyList<BooksInfo>> ReadAsync(IStoreReader store, StreamFilter filter, string after, int countMax, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentNullException.ThrowIfNull(filter);
        var conditions = new Conditions().Within("v.area", filter.Scope).Within("v.area", filter.Area).Is("v.id", filter.Gateway);
        if (after.Length > 0)
            conditions.Add("v.id > {0}", after);
        await using var transaction = await store.BeginAsync(cancellationToken);
        var rows = await transaction.QueryAsync(
            $"""
            SELECT v.key, v.id, (SELECT count(*) FROM books_cut c WHERE c.gateway = v.key), (SELECT count(*) FROM books_cut c WHERE c.gateway = v.key AND c.state = 0),
                (SELECT count(*) FROM books_cut c WHERE c.gateway = v.key AND c.state = 2), (SELECT max(c.at) FROM books_cut c WHERE c.gateway = v.key)
            FROM {GatewayQuery.Placed} v WHERE {conditions.Text} ORDER BY v.id LIMIT {countMax.ToString(CultureInfo.InvariantCulture)}
            """,
            reader => (Key: reader.GetInt64(0), Id: reader.GetString(1), Cuts: reader.GetInt64(2), Open: reader.GetInt64(3), Differing: reader.GetInt64(4), At: reader.IsDBNull(5) ? (long?)null : reader.GetInt64(5)),
            cancellationToken,
            conditions.Values);
        var books = new List<BooksInfo>();
        foreach (var row in rows)
            books.Add(new BooksInfo(row.Id, BooksInfo.Word(row.Cuts, row.Open, row.Differing), row.Cuts, row.Open, row.Differing, row.At is { } at ? UtcText.Of(at) : null, row.Differing == 0 ? [] : await DifferencesAsync(transaction, row.Key, cancellationToken)));
        return books;
    }

    static async Task<IReadOnlyList<BooksDifference>> DifferencesAsync(StoreTransaction transaction, long gateway, CancellationToken cancellationToken) =>
        await transaction.QueryAsync(
            "SELECT spool, last_number, at, text FROM books_cut WHERE gateway = $1 AND state = 2 ORDER BY at, last_number LIMIT 100",
            reader => new BooksDifference(SpoolId.Read((byte[])reader[0]).ToString(), reader.GetInt64(1), UtcText.Of(reader.GetInt64(2)), reader.GetString(3)),
            cancellationToken,
            gateway);
}
