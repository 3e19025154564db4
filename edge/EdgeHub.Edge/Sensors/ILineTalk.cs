using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Sensors;

/// <summary>How the sensors of one line are read once it is open: by listening, or by asking in turn.</summary>
interface ILineTalk
{
    IReadOnlyList<SensorState> Sensors { get; }

    /// <summary>Talks until the line breaks.</summary>
    /// <exception cref="LineException">The line is gone. Nothing else ends it but cancellation.</exception>
    Task RunAsync(Line line, CancellationToken stoppingToken);

    /// <summary>Counts the values that were due while the line was away, up to now.</summary>
    void CountAbsence();
}
