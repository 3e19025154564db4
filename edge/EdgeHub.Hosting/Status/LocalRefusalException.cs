namespace EdgeHub.Hosting.Status;

/// <summary>A daemon understood what it was asked over its socket and refuses; the message is a sentence with what to do.</summary>
public sealed class LocalRefusalException : Exception
{
    public LocalRefusalException()
    {
    }

    public LocalRefusalException(string message) : base(message)
    {
    }

    public LocalRefusalException(string message, Exception? inner) : base(message, inner)
    {
    }

    public LocalRefusalException(string message, bool isMisnamed) : base(message) => IsMisnamed = isMisnamed;

    /// <summary>True where what was asked for does not exist; false where it cannot be just now.</summary>
    public bool IsMisnamed { get; }
}
