namespace EdgeHub.CloudBridge.Store;

/// <summary>The database is there and must not be used; the message says why and what to do. Nothing in it was touched.</summary>
public sealed class StoreRefusedException : Exception
{
    /// <summary>A schema newer than this program: exit code 3.</summary>
    public bool IsNewerSchema { get; }

    public StoreRefusedException(string message, bool isNewerSchema) : base(message) => IsNewerSchema = isNewerSchema;

    public StoreRefusedException()
    {
    }

    public StoreRefusedException(string message) : base(message)
    {
    }

    public StoreRefusedException(string message, Exception innerException) : base(message, innerException)
    {
    }
}
