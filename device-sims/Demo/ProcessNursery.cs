using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace EdgeHub.DeviceSims.Demo;

/// <summary>
/// Starts every child from one thread that lives as long as the demo: a child asks the kernel to kill it when the thread
/// that made it ends (PR_SET_PDEATHSIG), so none stays behind even when the demo itself is killed. Each child has a
/// session of its own, because Ctrl-C in a terminal reaches every process of the foreground group.
/// </summary>
sealed class ProcessNursery : IDisposable
{
    readonly BlockingCollection<Action> work = [];
    readonly Thread thread;

    public ProcessNursery()
    {
        thread = new Thread(() =>
        {
            foreach (var action in work.GetConsumingEnumerable())
                action();
        })
        { IsBackground = true, Name = "nursery" };
        thread.Start();
    }

    public Task<Process> StartAsync(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment)
    {
        // Whoever is killed before the child has asked leaves it without that: so the child looks, after asking, whether its parent is still there.
        string[] ifParentLives = ["sh", "-c", "[ \"$PPID\" = \"$0\" ] && exec \"$@\"", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("setsid", ["setpriv", "--pdeathsig", "KILL", .. ifParentLives, program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        work.Add(() =>
        {
            try
            {
                started.SetResult(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start."));
            }
            catch (Exception e) when (e is System.ComponentModel.Win32Exception or InvalidOperationException)
            {
                started.SetException(e);
            }
        });
        return started.Task;
    }

    public void Dispose()
    {
        work.CompleteAdding();
        thread.Join();
        work.Dispose();
    }
}
