namespace EdgeHub.Edge.Spool.Media;

/// <summary>A medium that must not be used as it is; the message says whose it is and what to do.</summary>
#pragma warning disable CA1032 // It always says in which condition the medium is.
public sealed class MediumException(MediumCondition condition, string message) : IOException(message)
{
    public MediumCondition Condition => condition;
}
#pragma warning restore CA1032
