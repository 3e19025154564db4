using System.Reflection;
using EdgeHub.Hosting.Http;
using EdgeHub.Hosting.Progress;
using EdgeHub.Hosting.Status;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace EdgeHub.Hosting;

/// <summary>
/// The frame both daemons live in: logging, the operators' pages, the local socket, the service manager, and an end with an exit code.
/// A composition root calls <see cref="CreateBuilder"/>, adds its loops as hosted services, and hands the built host to <see cref="RunAsync"/>.
/// A loop that throws stops the host, and the process ends with <see cref="ExitCode.Fault"/>.
/// </summary>
public static partial class Daemon
{
    /// <summary>How long a stop may take before what is still running is abandoned; the unit's TimeoutStopSec is longer.</summary>
    public static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(20);

    /// <summary>Version and commit, as <c>--version</c> prints it.</summary>
    public static string Version { get; } =
        Assembly.GetEntryAssembly()?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0";

    /// <summary>A host without any configuration source of its own: what it does is in <paramref name="setup"/> alone.</summary>
    public static WebApplicationBuilder CreateBuilder(DaemonSetup setup)
    {
        ArgumentNullException.ThrowIfNull(setup);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = setup.Name, ContentRootPath = AppContext.BaseDirectory });
        builder.Configuration.Sources.Clear();
        setup.Log.Apply(builder.Logging);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = ConnectionsMax;
            server.Limits.MaxRequestBodySize = 0;
            server.Listen(setup.Http.Listen);
            if (setup is { Status: not null, StatusSocketPath: { } path })
            {
                StatusSocket.Prepare(path);
                server.ListenUnixSocket(path);
            }
        });
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout);
        builder.Services.AddSingleton(setup);
        builder.Services.AddSingleton(setup.Time);
        builder.Services.AddSingleton<MetricsPage>();
        builder.Services.AddSingleton<ISystemdNotifier, SystemdNotifier>();
        builder.Services.AddHostedService(services => new WatchdogFeeder(
            setup.Watchdog, services.GetRequiredService<ISystemdNotifier>(), services.GetRequiredService<IHostApplicationLifetime>(), setup.Sentence,
            WatchdogFeeder.IntervalFrom(setup.Environment, Environment.ProcessId), setup.Time, services.GetRequiredService<ILogger<WatchdogFeeder>>()));
        if (setup.Http.Otlp is { } collector)
            SendTo(builder, setup.Name, collector);
        return builder;
    }

    /// <summary>Maps the pages, runs until SIGTERM, SIGINT, <paramref name="cancellationToken"/> or the death of a loop, and says how it ended.</summary>
    public static async Task<int> RunAsync(WebApplication app, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(app);
        var setup = app.Services.GetRequiredService<DaemonSetup>();
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Daemon).FullName!);
        var pages = new HttpPages(app.Services.GetRequiredService<MetricsPage>(), setup.Readiness, setup.Watchdog, setup.Status, setup.LocalPages);
        app.Run(pages.AnswerAsync);
        try
        {
            await app.Services.GetRequiredService<MetricsPage>().StartAsync(cancellationToken);
            await app.StartAsync(cancellationToken);
            if (setup is { Status: not null, StatusSocketPath: { } path })
                StatusSocket.Admit(path);
            LogStarted(logger, setup.Name, Version, string.Join(" and ", app.Urls));
            await app.WaitForShutdownAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested || app.Lifetime.ApplicationStopping.IsCancellationRequested)
        {
            // Told to stop while still starting, or a loop died that early: the code below tells which.
        }
        catch (IOException e)
        {
            LogCannotStart(logger, e.Message);
            return ExitCode.Fault;
        }

        var fault = FaultOf(app.Services);
        LogStopped(logger, setup.Name);
        return fault switch
        {
            null => ExitCode.Ok,
            NewerFormatException => ExitCode.NewerFormat,
            _ => ExitCode.Fault,
        };
    }

    /// <summary>Scrapers, probes and a technician or two.</summary>
    const int ConnectionsMax = 64;

    // The host logs the exception of a dead loop and stops, but ends with code 0: the loop itself still knows.
    static Exception? FaultOf(IServiceProvider services) => services.GetServices<IHostedService>().OfType<BackgroundService>()
        .Select(service => service.ExecuteTask?.Exception?.GetBaseException()).FirstOrDefault(exception => exception is not null);

    static void SendTo(WebApplicationBuilder builder, string name, Uri collector) =>
        builder.Services.AddOpenTelemetry().WithMetrics(metrics => metrics
            .AddMeter(MetricsPage.MeterPrefix + "*", "System.Runtime")
            .AddOtlpExporter(exporter =>
            {
                exporter.Endpoint = new Uri(collector, "/v1/metrics");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            }))
            .ConfigureResource(resource => resource.AddService(name, serviceVersion: Version));

    [LoggerMessage(710, LogLevel.Information, "{Name} {Version} runs and answers on {Addresses}.")]
    private static partial void LogStarted(ILogger logger, string name, string version, string addresses);

    [LoggerMessage(711, LogLevel.Information, "{Name} has stopped.")]
    private static partial void LogStopped(ILogger logger, string name);

    [LoggerMessage(712, LogLevel.Critical, "The daemon cannot start. {Reason}")]
    private static partial void LogCannotStart(ILogger logger, string reason);
}
