namespace EdgeHub.CloudBridge.Store;

/// <summary>The database is there and must not be used; the message says why and what to do. Nothing in it was touched.</summary>
public sealed class StoreRefusedException : Exception
{
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
