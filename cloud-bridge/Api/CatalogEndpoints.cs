using System.Globalization;
using EdgeHub.CloudBridge.Api.Catalogs;
using EdgeHub.CloudBridge.Store.Queries;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace EdgeHub.CloudBridge.Api;

/// <summary>The unified catalog, and what others call it.</summary>
sealed class CatalogEndpoints(IStoreReader store, string cityPrefix, TimeProvider time)
{
    public void Map(IEndpointRouteBuilder api)
    {
        api.Get("/catalog", CatalogAsync, "catalog", "Every stream as it is described now, or was at a time: quantity of the controlled vocabulary with its HJ 212 code, UCUM unit, site, area, position, owner, classification, model, sampling and accuracy.", Parameter.At, Parameter.Area, Parameter.Gateway, Parameter.Sensor, Parameter.Quantity, Parameter.Search, Parameter.Limit, Parameter.Cursor).Answers<Page<CatalogEntry>>();
        api.Get("/catalog/export", ExportAsync, "catalogExport", "The catalog as Home Assistant MQTT discovery (`ha`), W3C WoT Thing Descriptions (`wot`) or OGC SensorThings entities (`sensorthings`).", Parameter.Format, Parameter.Area, Parameter.Gateway).Produces(StatusCodes.Status200OK, contentType: "application/json").Refuses();
        api.Get("/quantities", QuantitiesAsync, "quantities", "The controlled vocabulary.").Answers<IReadOnlyList<QuantityInfo>>();
    }

    async Task<IResult> CatalogAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = new StreamFilter(question.Caller.Area) { Area = question.Area(), Gateway = question.Text(Parameter.Gateway), Sensor = question.Text(Parameter.Sensor), Quantity = question.Text(Parameter.Quantity), Search = question.Text(Parameter.Search) };
        var (limit, at) = (question.Limit(), question.Moment(Parameter.At));
        var cursor = question.Cursor(at is null ? 1 : 2);
        var after = cursor is null ? null : StreamId.TryParse(cursor[0]);
        var row = 0L;
        if (cursor is [_, var number] && !long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out row))
            question.Error("cursor", null, "this is no cursor of this endpoint.", "Write next of the page before as it is.");
        question.Check();
        if (at is null)
        {
            var (streams, more) = await CatalogQuery.NowAsync(store, filter, after, limit, context.RequestAborted);
            return Answer(streams, more ? Cursor.Of(streams[^1].Stream.Id) : null);
        }

        var (then, next) = await CatalogQuery.AtAsync(store, filter, at.Value, after is { } id ? (id, row) : null, limit, context.RequestAborted);
        return Answer(then, next is { } last ? Cursor.Of(last.Id, last.Row.ToString(CultureInfo.InvariantCulture)) : null);
    }

    static IResult Answer(IReadOnlyList<StreamDescription> streams, string? next) => Results.Json(new Page<CatalogEntry>([.. streams.Select(CatalogEntry.Of)], next), ApiJson.Default.PageCatalogEntry);

    async Task<IResult> ExportAsync(HttpContext context)
    {
        var question = new Question(context, time);
        var filter = new StreamFilter(question.Caller.Area) { Area = question.Area(), Gateway = question.Text(Parameter.Gateway) };
        var format = question.Choice(Parameter.Format, "ha", "wot", "sensorthings") switch { "wot" => CatalogFormat.Wot, "sensorthings" => CatalogFormat.Sensorthings, _ => CatalogFormat.Ha };
        if (question.Text(Parameter.Format).Length == 0)
            question.Error("format", null, "this parameter is required.", "Write ha, wot or sensorthings.");
        question.Check();
        var document = await CatalogExport.ReadAsync(store, filter, format, cityPrefix, new Uri($"{context.Request.Scheme}://{context.Request.Host}/"), context.RequestAborted);
        return document is null
            ? Problem.Of(StatusCodes.Status400BadRequest, "Too many streams", $"More than {CatalogExport.StreamsMax} streams fit. Ask for one area or gateway at a time.", [new ParameterError("area", null, "too many streams.", "Name an area or a gateway.")]).ToResult()
            : Results.Text(document.ToJsonString(), "application/json");
    }

    Task<IResult> QuantitiesAsync(HttpContext context)
    {
        new Question(context, time).Check();
        return Task.FromResult(Results.Json([.. QuantityInfo.All], ApiJson.Default.QuantityInfoArray));
    }
}
