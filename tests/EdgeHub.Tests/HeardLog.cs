using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace EdgeHub.Tests;

/// <summary>A logger that keeps what was said.</summary>
sealed class HeardLog<T> : ILogger<T>
{
    readonly ConcurrentQueue<string> lines = [];

    public IReadOnlyCollection<string> Lines => lines;

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => lines.Enqueue(formatter(state, exception));
}
