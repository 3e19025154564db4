using EdgeHub.DeviceSims.Scenarios;

namespace EdgeHub.DeviceSims.Verbs;

/// <summary>One run of a rig: its lines, its timeline and its control channels, until one of them says that it is over.</summary>
internal sealed class Run(Rig rig, Scenario? scenario, ScenarioClock clock, TextReader input, TextWriter output, TimeProvider time)
{
    public async Task PlayAsync(double? seconds, bool stopWithStdin, string? control, CancellationToken stoppingToken)
    {
        using var limit = seconds is { } limited
            ? new CancellationTokenSource(TimeSpan.FromSeconds(limited), time)
            : new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, limit.Token);

        // Reading standard input cannot be cancelled: what still waits for a line is left behind and ends with the process.
        var console = EndAsync(ConsoleAsync(stopWithStdin, stop.Token), stop.CancelAsync);
        var timeline = EndAsync(TimelineAsync(stop.Token), stop.CancelAsync);
        var socket = EndAsync(SocketAsync(control, stop.Token), stop.CancelAsync);
        try
        {
            await rig.RunAsync(stop.Token);
        }
        finally
        {
            await stop.CancelAsync();
            await Task.WhenAll(console, timeline, socket);
        }
    }

    private async Task<bool> ConsoleAsync(bool endsRun, CancellationToken stoppingToken)
    {
        await new ControlChannel(rig, output).RunAsync(input, stoppingToken).WaitAsync(stoppingToken);
        return endsRun;
    }

    private async Task<bool> TimelineAsync(CancellationToken stoppingToken) =>
        scenario is not null && await ScenarioPlay.RunAsync(scenario, rig, clock, stoppingToken);

    private async Task<bool> SocketAsync(string? control, CancellationToken stoppingToken)
    {
        if (control is not null)
            await ControlSocket.RunAsync(control, rig, stoppingToken);
        return false;
    }

    // What answers true ends the run, and so does what fails.
    private static async Task EndAsync(Task<bool> part, Func<Task> endRun)
    {
        var goesOn = false;
        try
        {
            goesOn = !await part;
        }
        catch (OperationCanceledException)
        {
            // The run is over; so is this part of it.
        }
        finally
        {
            if (!goesOn)
                await endRun();
        }
    }
}
