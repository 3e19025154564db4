namespace EdgeHub.CloudBridge.Store.Accounting;

/// <summary>What became of the readings of one interval of a spool, each term counted where it lies.</summary>
public sealed class CityCount
{
    /// <summary>Rows, and readings packed into arrays.</summary>
    public Dictionary<StreamName, long> Rows { get; } = [];

    /// <summary>In blocks that wait for their clock or catalog.</summary>
    public Dictionary<StreamName, long> Parked { get; } = [];

    /// <summary>In blocks that are kept raw because they could not become rows.</summary>
    public Dictionary<StreamName, long> SetAside { get; } = [];

    /// <summary>Named by tombstones.</summary>
    public Dictionary<StreamName, long> Tombstoned { get; } = [];

    /// <summary>Taken out on purpose, because they were older than they are to be kept.</summary>
    public Dictionary<StreamName, long> Removed { get; } = [];

    /// <summary>Tombstoned or set aside, and known in number only, not by stream.</summary>
    public long Unnamed { get; set; }

    /// <summary>Something is tombstoned or set aside of which nobody knows how many readings it held.</summary>
    public bool IsPartlyUnknown { get; set; }

    /// <summary>Records that have not come yet.</summary>
    public ulong Missing { get; set; }

    public long Of(StreamName stream) => Rows.GetValueOrDefault(stream) + Parked.GetValueOrDefault(stream) + SetAside.GetValueOrDefault(stream) + Tombstoned.GetValueOrDefault(stream) + Removed.GetValueOrDefault(stream);

    public IEnumerable<StreamName> Streams => Rows.Keys.Concat(Parked.Keys).Concat(SetAside.Keys).Concat(Tombstoned.Keys).Concat(Removed.Keys).Distinct();
}
