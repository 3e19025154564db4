namespace EdgeHub.Edge.Sensors.Lines;

/// <summary>A line cannot be opened or has broken. The message is a sentence for the technician, with what to do.</summary>
public sealed class LineException : IOException
{
    public LineException()
    {
    }

    public LineException(string message) : base(message)
    {
    }

    public LineException(string message, Exception? inner) : base(message, inner)
    {
    }

    public LineException(Condition condition, string message, Exception? inner = null) : base(message, inner) => Condition = condition;

    public Condition Condition { get; } = Condition.Waiting;
}
