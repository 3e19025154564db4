using EdgeHub.Edge.Sensors.Lines;

namespace EdgeHub.Edge.Finding;

/// <summary>What every scan that asks does before: it listens, and leaves a line alone on which somebody talks.</summary>
static class ListenFirst
{
    static readonly TimeSpan Length = TimeSpan.FromSeconds(1.5);

    /// <summary>Why nothing is asked on this line; null where it is silent and may be asked.</summary>
    /// <param name="whatIsAsked">For the one who only wanted to listen.</param>
    /// <exception cref="LineException">The port does not open.</exception>
    public static async Task<Found?> LookAsync(OpenLine open, string path, int baud, bool isPassive, string whatIsAsked, TimeProvider time, CancellationToken stop)
    {
        await using var line = await ProbeLine.OpenAsync(open, path, LineSettings.Plain(baud), time, stop);
        var heard = await line.ListenAsync(Length, stop);
        if (!heard.IsEmpty)
            return new Found(path, "a line on which somebody talks already", $"{heard.Length} bytes in {Length.TotalSeconds} s without a question of ours: another master or a sensor that sends by itself. Nothing was sent; try edgehub scan serial, or take the other master off the line");
        return isPassive ? new Found(path, "a silent line", $"{Length.TotalSeconds} s of silence; without --passive {whatIsAsked}") : null;
    }
}
