using EdgeHub.Wire;
using EdgeHub.Wire.Proto;

namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>What tombstones say of records that are gone. One that stands for records of which some came after all no longer says how many are missing.</summary>
static class BuriedCount
{
    /// <param name="gone">Numbers within the interval for which only a tombstone stands.</param>
    public static async Task AddAsync(StoreTransaction transaction, CityCount city, Cut cut, RangeSet gone, CancellationToken cancellationToken)
    {
        var about = cut.Spool.ToByteArray();
        var left = new RangeSet(gone);
        foreach (var bytes in await transaction.QueryAsync("SELECT s.bytes FROM side_record s JOIN spool p ON p.key = s.spool WHERE p.gateway = $1 AND s.kind = 'tombstone' ORDER BY s.spool, s.number", reader => (byte[])reader[0], cancellationToken, cut.Gateway))
        {
            if (RecordCodec.TryDecode(bytes, out _)?.Tombstone is not { } tombstone || !tombstone.Spool.Span.SequenceEqual(about))
                continue;
            var numbers = new NumberRange(tombstone.FirstNumber, tombstone.LastNumber);
            if (!left.ContainsAll(numbers))
                continue;
            left.Remove(numbers);
            Add(city, tombstone);
        }

        city.IsPartlyUnknown |= !left.IsEmpty;
    }

    static void Add(CityCount city, Tombstone tombstone)
    {
        foreach (var one in tombstone.Counts)
            city.Tombstoned[new StreamName(one.Sensor, one.Quantity)] = city.Tombstoned.GetValueOrDefault(new StreamName(one.Sensor, one.Quantity)) + (long)one.Count;
        if (tombstone.Counts.Count > 0)
            return;
        if (tombstone.FirstSequence > 0)
            city.Unnamed += (long)(tombstone.LastSequence - tombstone.FirstSequence) + 1;
        else
            city.IsPartlyUnknown = true;
    }
}
