namespace EdgeHub.DeviceSims.Scenarios;

/// <summary>The scenario's time: 0 at the start, and so many times faster than the wall clock. The bytes of a wire keep their own pace.</summary>
public sealed class ScenarioClock(TimeProvider time, double speed)
{
    readonly long origin = time.GetTimestamp();

    public TimeSpan Now => time.GetElapsedTime(origin) * speed;

    /// <summary>Waits for a moment of the scenario.</summary>
    public async Task UntilAsync(TimeSpan moment, CancellationToken stoppingToken)
    {
        for (TimeSpan left; (left = (moment - Now) / speed) > TimeSpan.Zero;)
            await Task.Delay(left < WaitMax ? left + TimeSpan.FromMilliseconds(1) : WaitMax, time, stoppingToken);
    }

    /// <summary>A timer takes no longer wait than some weeks.</summary>
    static readonly TimeSpan WaitMax = TimeSpan.FromDays(1);
}
