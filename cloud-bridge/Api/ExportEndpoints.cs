using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>Whole files, written while they are read: neither waits for the other's end.</summary>
sealed class ExportEndpoints(IStoreReader store, TimeProvider time)
{
    static readonly TimeSpan RangeMax = TimeSpan.FromDays(366);

    public void Map(IEndpointRouteBuilder api)
    {
        Parameter[] parameters = [Parameter.Area, Parameter.Gateway, Parameter.Sensor, Parameter.Quantity, Parameter.Search, Parameter.From, Parameter.To];
        api.Get("/export.csv", context => FileAsync(context, "csv", "text/csv; charset=utf-8", (output, pages, _) => CsvFile.WriteAsync(output, pages)), "exportCsv", "Every reading as CSV, stream by stream in time order.", parameters).Produces(StatusCodes.Status200OK, contentType: "text/csv").Refuses();
        api.Get("/export.parquet", context => FileAsync(context, "parquet", "application/vnd.apache.parquet", ParquetFile.WriteAsync), "exportParquet", "Every reading as a Parquet file, stream by stream in time order.", parameters).Produces(StatusCodes.Status200OK, contentType: "application/vnd.apache.parquet").Refuses();
    }

    Task<IResult> FileAsync(HttpContext context, string kind, string contentType, Func<Stream, IAsyncEnumerable<IReadOnlyList<ExportRow>>, CancellationToken, Task> write)
    {
        var question = new Question(context, time);
        var filter = new StreamFilter(question.Caller.Area)
        {
            Area = question.Area(),
            Gateway = question.Text(Parameter.Gateway),
            Sensor = question.Text(Parameter.Sensor),
            Quantity = question.Text(Parameter.Quantity),
            Search = question.Text(Parameter.Search),
        };
        var (from, to) = question.Range(RangeMax);
        question.Check();
        return Task.FromResult(Results.Stream(output => write(output, ExportQuery.ReadAsync(store, filter, from, to, context.RequestAborted), context.RequestAborted), contentType, $"readings.{kind}"));
    }
}
