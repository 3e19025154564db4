namespace EdgeHub.CloudBridge.Store;

/// <summary>Which engine holds the city's data.</summary>
public enum StoreKind
{
    Sqlite,
    Postgres,
}
